/*
 * The one C++ file of the tree: Mustache for those who write C. What it throws ends
 * here; what it takes from the heap it gives back before it returns, but for the
 * templates.
 */
#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <kainjow/mustache.hpp>

extern "C" {
#include "gateway/template.h"
}

namespace
{

using kainjow::mustache::basic_context;
using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::mustache;

constexpr std::string_view folder = "templates/";
constexpr std::string_view ending = ".mustache";
constexpr std::string_view blanks = " \t";

/* ---- from files to templates: partials are taken in, so that each is parsed once ----
 */

using sources = std::map<std::string, std::string>;

/* A fault of a template, as one sentence. */
struct fault : std::runtime_error {
	using std::runtime_error::runtime_error;
};

std::string
trimmed(const std::string &text)
{
	const auto first = text.find_first_not_of(blanks);
	const auto last = text.find_last_not_of(blanks);

	return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

/* Without what is only for whoever reads the file: indentation, empty lines, the last
 * newline. */
std::string
unindented(const std::string &text)
{
	std::string out;
	size_t at = 0;

	while (at < text.size()) {
		const auto end = std::min(text.find('\n', at), text.size());
		const auto first = std::min(text.find_first_not_of(blanks, at), end);

		if (first < end) {
			out += out.empty() ? "" : "\n";
			out.append(text, first, end - first);
		}
		at = end + 1;
	}
	return out;
}

sources
sources_of(const struct gateway_asset *files, size_t n)
{
	sources all;

	for (size_t i = 0; i < n; i++) {
		const std::string path = files[i].path;

		if (path.size() <= folder.size() + ending.size() ||
		    path.compare(0, folder.size(), folder) != 0 ||
		    path.compare(path.size() - ending.size(), ending.size(), ending) !=
			0)
			continue;
		all[path.substr(
		    folder.size(), path.size() - folder.size() - ending.size())] =
		    unindented(
			std::string(reinterpret_cast<const char *>(files[i].body.data),
			    files[i].body.len));
	}
	return all;
}

/* A template that is being read, and how far. */
struct reading {
	std::string name;
	const std::string *text;
	size_t at;
};

/* The partial of that name begins, inside those that are being read. */
void
begin(std::vector<reading> &inside, const sources &all, const std::string &name)
{
	const auto found = all.find(name);

	if (found == all.end())
		throw fault("takes in " + name + ", which is not there");
	if (inside.size() == TEMPLATE_PARTIALS_MAX)
		throw fault("takes in partials too deep, the last of them " + name);
	for (const auto &outer : inside)
		if (outer.name == name)
			throw fault("takes in " + name + " inside " + name);
	inside.push_back({name, &found->second, 0});
}

/* The tag that stands at `open` of the innermost: a partial begins, the rest is kept.
 */
void
take_tag(
    std::vector<reading> &inside, const sources &all, std::string &out, size_t open)
{
	auto &now = inside.back();
	const auto is_raw = now.text->compare(open, 3, "{{{") == 0;
	const auto close = now.text->find(is_raw ? "}}}" : "}}", open);

	if (close == std::string::npos)
		throw fault("has a tag without an end in " + now.name);
	now.at = close + (is_raw ? 3 : 2);
	const auto tag = trimmed(now.text->substr(open + 2, close - open - 2));
	if (tag.empty() || tag[0] == '=')
		throw fault("has a tag that is none in " + now.name);
	if (tag[0] == '>')
		begin(inside, all, trimmed(tag.substr(1)));
	else if (tag[0] != '!')
		out.append(*now.text, open, now.at - open);
}

std::string
whole(const sources &all, const std::string &name)
{
	std::vector<reading> inside;
	std::string out;

	begin(inside, all, name);
	while (!inside.empty()) {
		auto &now = inside.back();
		const auto open = now.text->find("{{", now.at);

		out.append(*now.text, now.at,
		    open == std::string::npos ? open : open - now.at);
		if (open == std::string::npos)
			inside.pop_back();
		else
			take_tag(inside, all, out, open);
		if (out.size() > TEMPLATE_BYTES_MAX)
			throw fault("is too long with its partials");
	}
	return out;
}

/* ---- from a view to what the library reads ---- */

/* A value that is still to be told, and where. */
struct telling {
	const json_t *json;
	data *to;
	size_t depth;
};

std::string
number(const json_t *json)
{
	char text[32];

	if (json_is_integer(json))
		return std::to_string(json_integer_value(json));
	snprintf(text, sizeof text, "%.15g", json_real_value(json));
	return text;
}

void
tell_object(std::vector<telling> &left, const telling &t)
{
	/* jansson walks an object without writing to it, but does not say so. */
	auto *json = const_cast<json_t *>(t.json);
	const char *key;
	json_t *value;

	*t.to = data(data::type::object);
	json_object_foreach(json, key, value)
	    left.push_back({value, &(*t.to)[key], t.depth + 1});
}

void
tell_list(std::vector<telling> &left, const telling &t)
{
	const size_t n = json_array_size(t.json);

	*t.to = data(data::type::list);
	/* push_back would copy each item with all that is in it. */
	auto &items = const_cast<list &>(t.to->list_value());
	for (size_t i = 0; i < n; i++)
		items.emplace_back(false);
	for (size_t i = 0; i < n; i++)
		left.push_back({json_array_get(t.json, i), &items[i], t.depth + 1});
}

void
tell(std::vector<telling> &left, const telling &t)
{
	if (t.depth > TEMPLATE_VIEW_DEPTH_MAX)
		throw fault("a view that is too deep");
	if (json_is_object(t.json))
		tell_object(left, t);
	else if (json_is_array(t.json))
		tell_list(left, t);
	else if (json_is_number(t.json))
		*t.to = data(number(t.json));
	else if (json_is_string(t.json) && json_string_length(t.json) > 0)
		*t.to = data(
		    std::string(json_string_value(t.json), json_string_length(t.json)));
	else
		*t.to = data(static_cast<bool>(json_is_true(t.json)));
}

data
told(const json_t *view)
{
	data all;
	std::vector<telling> left{{view, &all, 0}};

	while (!left.empty()) {
		const telling next = left.back();

		left.pop_back();
		tell(left, next);
	}
	return all;
}

/* ---- rendering ---- */

/* "a.b" in one value. */
const data *
within(const data *value, const std::string &name)
{
	size_t at = 0;

	while (value != nullptr && at <= name.size()) {
		const auto dot = std::min(name.find('.', at), name.size());

		value = value->get(name.substr(at, dot - at));
		at = dot + 1;
	}
	return value;
}

/* Where a name is looked for: the innermost value is the last. */
class surroundings final : public basic_context<std::string>
{
      public:
	explicit surroundings(const data *view) : inside{view}
	{
	}

	void push(const data *value) override
	{
		inside.push_back(value);
	}

	void pop() override
	{
		inside.pop_back();
	}

	const data *get(const std::string &name) const override
	{
		if (name == ".")
			return inside.back();
		if (name[0] == '.')
			return within(innermost_object(), name.substr(1));
		for (auto value = inside.rbegin(); value != inside.rend(); ++value) {
			const data *found = within(*value, name);

			if (found != nullptr)
				return found;
		}
		return nullptr;
	}

	const data *get_partial(const std::string &) const override
	{
		return nullptr; /* all were taken in */
	}

      private:
	/* The view is one, so there always is one. */
	const data *innermost_object() const
	{
		auto value = inside.rbegin();

		while (!(*value)->is_object())
			++value;
		return *value;
	}

	std::vector<const data *> inside;
};

/* What was rendered so far; it has an end. */
class rendered
{
      public:
	rendered &operator<<(const std::string &more)
	{
		if (more.size() > TEMPLATE_PAGE_BYTES_MAX - text.size())
			throw std::bad_alloc();
		text += more;
		return *this;
	}

	const std::string &so_far() const
	{
		return text;
	}

      private:
	std::string text;
};

std::string
escaped(const std::string &text)
{
	static const char special[] = "&<>\"'";
	std::string out;
	size_t at = 0, next;

	while ((next = text.find_first_of(special, at)) != std::string::npos) {
		const char *name = text[next] == '&'   ? "&amp;"
		                   : text[next] == '<' ? "&lt;"
		                   : text[next] == '>' ? "&gt;"
		                   : text[next] == '"' ? "&quot;"
		                                       : "&#39;";

		out.append(text, at, next - at).append(name);
		at = next + 1;
	}
	return at == 0 ? text : out.append(text, at, std::string::npos);
}

} // namespace

struct template_set {
	std::unordered_map<std::string, mustache> parsed;
};

namespace
{

void
parse(struct template_set *t, const sources &all, const std::string &name)
{
	mustache parsed(whole(all, name));

	if (!parsed.is_valid())
		throw fault("does not parse: " + parsed.error_message());
	parsed.set_custom_escape(escaped);
	t->parsed.emplace(name, std::move(parsed));
}

void
parse_all(struct template_set *t, const struct gateway_asset *files, size_t n)
{
	const sources all = sources_of(files, n);

	for (const auto &file : all) {
		try {
			parse(t, all, file.first);
		} catch (const fault &why) {
			throw fault(std::string(folder) + file.first +
				    std::string(ending) + " " + why.what());
		}
	}
}

enum err
render(mustache &page, const json_t *view, struct arena *a, struct bytes *out)
{
	const data all = told(view);
	surroundings context(&all);
	rendered page_text;

	page.render(context, page_text);
	const auto &text = page_text.so_far();
	auto *copy = static_cast<uint8_t *>(arena_take_raw(a, text.size()));
	if (copy == nullptr)
		return ERR_MEMORY;
	std::copy(text.begin(), text.end(), copy);
	out->data = copy;
	out->len = text.size();
	return ERR_NONE;
}

} // namespace

enum err
template_open(struct template_set **out, const struct gateway_asset *files, size_t n,
    char *problem, size_t problem_size)
{
	struct template_set *t = nullptr;
	enum err e = ERR_MEMORY;

	try {
		t = new template_set;
		parse_all(t, files, n);
		*out = t;
		return ERR_NONE;
	} catch (const std::bad_alloc &) {
		snprintf(problem, problem_size, "no memory for the templates");
	} catch (const std::exception &why) {
		snprintf(problem, problem_size, "%s", why.what());
		e = ERR_MALFORMED;
	}
	delete t;
	return e;
}

void
template_close(struct template_set *t)
{
	delete t;
}

enum err
template_render(struct template_set *t, const char *name, const json_t *view,
    struct arena *a, struct bytes *out)
{
	if (!json_is_object(view))
		return ERR_INTERNAL;
	try {
		const auto found = t->parsed.find(name);

		return found == t->parsed.end() ? ERR_INTERNAL
		                                : render(found->second, view, a, out);
	} catch (const std::bad_alloc &) {
		return ERR_MEMORY;
	} catch (const std::exception &) {
		return ERR_INTERNAL;
	}
}

#include "gateway/language.h"

#include "base/str.h"

const struct language languages[] = {
    {"en", "English"},
    {"sq", "Albanian"},
    {"am", "Amharic"},
    {"ar", "Arabic"},
    {"bn", "Bengali"},
    {"bg", "Bulgarian"},
    {"zh", "Chinese"},
    {"cs", "Czech"},
    {"nl", "Dutch"},
    {"fr", "French"},
    {"de", "German"},
    {"el", "Greek"},
    {"gu", "Gujarati"},
    {"ha", "Hausa"},
    {"he", "Hebrew"},
    {"hi", "Hindi"},
    {"hu", "Hungarian"},
    {"ig", "Igbo"},
    {"it", "Italian"},
    {"ku", "Kurdish"},
    {"lv", "Latvian"},
    {"ln", "Lingala"},
    {"lt", "Lithuanian"},
    {"ml", "Malayalam"},
    {"ne", "Nepali"},
    {"ps", "Pashto"},
    {"fa", "Persian"},
    {"pl", "Polish"},
    {"pt", "Portuguese"},
    {"pa", "Punjabi"},
    {"ro", "Romanian"},
    {"ru", "Russian"},
    {"sn", "Shona"},
    {"si", "Sinhala"},
    {"sk", "Slovak"},
    {"so", "Somali"},
    {"es", "Spanish"},
    {"sw", "Swahili"},
    {"ta", "Tamil"},
    {"te", "Telugu"},
    {"th", "Thai"},
    {"ti", "Tigrinya"},
    {"tr", "Turkish"},
    {"uk", "Ukrainian"},
    {"ur", "Urdu"},
    {"vi", "Vietnamese"},
    {"cy", "Welsh"},
    {"yi", "Yiddish"},
    {"yo", "Yoruba"},
};
const size_t languages_n = sizeof languages / sizeof languages[0];

const char *
language_name(const char *code)
{
	for (size_t i = 0; i < languages_n; i++) {
		if (str_equal(languages[i].code, code))
			return languages[i].name;
	}
	return NULL;
}

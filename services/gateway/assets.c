#include "gateway/assets.h"

#include <stdlib.h>
#include <string.h>

static int
compare(const void *path, const void *asset)
{
	return strcmp(path, ((const struct gateway_asset *)asset)->path);
}

const struct gateway_asset *
gateway_asset_find(const char *path)
{
	return bsearch(
	    path, gateway_assets, gateway_assets_n, sizeof gateway_assets[0], compare);
}

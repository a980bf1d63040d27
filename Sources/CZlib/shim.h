// zlib's initialisers are macros, which Swift does not import; these give them names.
#ifndef APUS_CZLIB_SHIM_H
#define APUS_CZLIB_SHIM_H

#include <zlib.h>

static inline int apus_deflateInit2(z_streamp stream, int level, int windowBits, int memoryLevel) {
    return deflateInit2(stream, level, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY);
}

static inline int apus_inflateInit2(z_streamp stream, int windowBits) {
    return inflateInit2(stream, windowBits);
}

#endif

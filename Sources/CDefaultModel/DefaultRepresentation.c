#include "CDefaultModel.h"

#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char representation[] = {
#embed "default-representation.safetensors"
};

const unsigned char *fault_diag_default_representation(void) { return representation; }

size_t fault_diag_default_representation_size(void) { return sizeof representation; }

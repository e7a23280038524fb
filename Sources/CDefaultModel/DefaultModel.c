#include "CDefaultModel.h"

#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char model[] = {
#embed "default-model.safetensors"
};

const unsigned char *fault_diag_default_model(void) { return model; }

size_t fault_diag_default_model_size(void) { return sizeof model; }

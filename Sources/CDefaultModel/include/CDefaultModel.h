#pragma once
#include <stddef.h>

/// The default model's file, byte for byte, as constant data; made by `fault-diag default-model`.
const unsigned char *fault_diag_default_model(void);

/// Its length in bytes.
size_t fault_diag_default_model_size(void);

/// The file of the representation that pretraining starts from; made by `fault-diag default-model --representation`.
const unsigned char *fault_diag_default_representation(void);

/// Its length in bytes.
size_t fault_diag_default_representation_size(void);

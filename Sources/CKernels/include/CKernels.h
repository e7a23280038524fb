#pragma once
// Elementwise kernels that Swift cannot vectorise well; see Documentation/Decisions/0002-c-kernels.md.
#include "NeuralKernels.h"
#include "SignalKernels.h"
#include "SignalScan.h"
#include "CandidateKernels.h"
#include "ContrastKernels.h"
#include "AlignedKernels.h"
#include "HashKernels.h"
#include "FreedMemory.h"

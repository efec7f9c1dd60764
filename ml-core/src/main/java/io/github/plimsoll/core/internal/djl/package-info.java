/** Models that DJL runs: tensors in and out, TorchScript, and what says why a TensorFlow model cannot be loaded. Not exported, free to change. */
@NullMarked
package io.github.plimsoll.core.internal.djl;

import org.jspecify.annotations.NullMarked;

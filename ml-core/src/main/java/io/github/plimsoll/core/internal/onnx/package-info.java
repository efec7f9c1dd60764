/** ONNX models: the direct path over ONNX Runtime, and the one through DJL. Not exported, free to change. */
@NullMarked
package io.github.plimsoll.core.internal.onnx;

import org.jspecify.annotations.NullMarked;

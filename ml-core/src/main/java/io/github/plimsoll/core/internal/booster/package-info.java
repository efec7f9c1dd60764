/** XGBoost and LightGBM models: their files, their native libraries, their answers. Not exported, free to change. */
@NullMarked
package io.github.plimsoll.core.internal.booster;

import org.jspecify.annotations.NullMarked;

/** Races between callers of one predictor, run millions of times each: every outcome that is not listed is a failure. */
@NullMarked
package io.github.plimsoll.jcstress;

import org.jspecify.annotations.NullMarked;

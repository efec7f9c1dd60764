/** The first five minutes with Plimsoll. */
@NullMarked
package io.github.plimsoll.samples.quickstart;

import org.jspecify.annotations.NullMarked;

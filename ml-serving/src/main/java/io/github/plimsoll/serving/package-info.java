/** Capabilities that stand around a call, one type each: caches, limits, deadlines, fallbacks. */
@NullMarked
package io.github.plimsoll.serving;

import org.jspecify.annotations.NullMarked;

/** How models are loaded and run. Not exported, free to change. */
@NullMarked
package io.github.plimsoll.core.internal;

import org.jspecify.annotations.NullMarked;

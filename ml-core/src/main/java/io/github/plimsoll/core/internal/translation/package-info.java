/** Models under a DJL translator. Not exported, free to change. */
@NullMarked
package io.github.plimsoll.core.internal.translation;

import org.jspecify.annotations.NullMarked;

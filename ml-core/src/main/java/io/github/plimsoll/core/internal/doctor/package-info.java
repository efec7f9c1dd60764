/** What may be wrong with the environment. Not exported, free to change. */
@NullMarked
package io.github.plimsoll.core.internal.doctor;

import org.jspecify.annotations.NullMarked;

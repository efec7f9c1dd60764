/** What the adapters to other libraries have in common. Not exported, free to change. */
@NullMarked
package io.github.plimsoll.serving.internal;

import org.jspecify.annotations.NullMarked;

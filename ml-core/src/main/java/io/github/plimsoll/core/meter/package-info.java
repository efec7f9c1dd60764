/** What is measured around predictions, under which names, for whichever metrics library the host has. */
@NullMarked
package io.github.plimsoll.core.meter;

import org.jspecify.annotations.NullMarked;

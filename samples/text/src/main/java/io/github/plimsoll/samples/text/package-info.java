/** A text model in a service. */
@NullMarked
package io.github.plimsoll.samples.text;

import org.jspecify.annotations.NullMarked;

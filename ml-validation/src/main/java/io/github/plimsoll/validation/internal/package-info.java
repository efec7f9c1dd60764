/** What packages of this module share and nobody else sees. */
@NullMarked
package io.github.plimsoll.validation.internal;

import org.jspecify.annotations.NullMarked;

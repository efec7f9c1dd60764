/** Model packages: the manifest, the files, the signature, the archive. Not for use from outside. */
@NullMarked
package io.github.plimsoll.core.internal.pack;

import org.jspecify.annotations.NullMarked;

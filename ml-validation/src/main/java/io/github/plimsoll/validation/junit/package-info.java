/**
 * Data held to its contract in a host's own tests. Needs JUnit 5 on the class path, but for
 * {@link io.github.plimsoll.validation.junit.DataAssertions}, which works with any framework.
 */
@NullMarked
package io.github.plimsoll.validation.junit;

import org.jspecify.annotations.NullMarked;

/**
 * Small working stand-ins for a host's own unit tests: no engine, no native code, no network and no test framework is
 * needed. Start with {@link io.github.plimsoll.core.fake.FakePredictor}.
 */
@NullMarked
package io.github.plimsoll.core.fake;

import org.jspecify.annotations.NullMarked;

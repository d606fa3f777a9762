/** Counting: what an answer says of itself while it passes, an estimate where it says nothing, and the log of both. */
@NullMarked
package io.aiproxy.metering;

import org.jspecify.annotations.NullMarked;

/** Token counts: what a provider reported, and an estimate where it did not. */
@NullMarked
package io.aiproxy.usage;

import org.jspecify.annotations.NullMarked;

/** An LLM gateway as a servlet filter: {@link io.aiproxy.AiProxyFilter} outside, {@link io.aiproxy.Gateway} inside. */
@NullMarked
package io.aiproxy;

import org.jspecify.annotations.NullMarked;

/** What happened in one exchange, and the names under which an access log can print it. */
@NullMarked
package io.aiproxy.ledger;

import org.jspecify.annotations.NullMarked;

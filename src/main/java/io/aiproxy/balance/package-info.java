/** Several upstreams behind one route: who is asked, and who next if that one fails. */
@NullMarked
package io.aiproxy.balance;

import org.jspecify.annotations.NullMarked;

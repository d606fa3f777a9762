/** Credentials that are made anew while the gateway runs, with the libraries of those who give them out. */
@NullMarked
package io.aiproxy.auth;

import org.jspecify.annotations.NullMarked;

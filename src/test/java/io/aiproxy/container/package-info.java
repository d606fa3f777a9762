/** The gateway in the servlet containers as they come from their makers, set up as {@code deploy/} says. */
package io.aiproxy.container;

package io.aiproxy.call;

import java.util.Arrays;
import java.util.Set;

/**
 * An error as protocols tell it: the gateway's own, or what an upstream said in one protocol and a client has to read in
 * another. Words are empty where nothing was said.
 *
 * @param status of HTTP, 400 to 599
 * @param type what kind of error, in the words of whoever made it
 * @param code which error exactly, in the words of whoever made it
 * @param message for people
 * @param param the member of the request that is wrong
 */
public record Failure(int status, String type, String code, String message, String param) {
  private static final int PAYMENT_REQUIRED = 402;
  private static final Set<String> MONEY = Set.of(
      "insufficient_quota",
      "credit_balance_exhausted",
      "organization_spend_limit_exceeded",
      "project_spend_limit_exceeded",
      "organization_usage_limit_exceeded",
      "billing_hard_limit_reached",
      "billing_not_active",
      "billing_error",
      "enforced_spend_limit_reached");

  /** The gateway's own bad news. */
  public static Failure of(Problem problem) {
    return new Failure(
        problem.kind().status(),
        problem.kind().type(),
        problem.kind().code(),
        problem.message(),
        problem.param());
  }

  /**
   * Whether it says that what was bought is used up, so that waiting does not help. The names are those that OpenAI, Azure and
   * Anthropic document; other providers use the status 402.
   */
  public boolean isOutOfMoney() {
    return status == PAYMENT_REQUIRED || MONEY.contains(type) || MONEY.contains(code);
  }

  /** Whether it is the gateway's own, and not an upstream's. */
  public boolean isOwn() {
    return Arrays.stream(Problem.Kind.values())
        .anyMatch(kind -> kind.type().equals(type) && kind.code().equals(code));
  }
}

package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aiproxy.neutral.Origin;
import java.util.function.Predicate;

/**
 * What stands in an answer beside what the model says: fingerprints, tiers, times and verdicts of filters. Nobody misses it in
 * another protocol; in its own it is put back.
 */
final class Bookkeeping {
  private Bookkeeping() {}

  /** Makes all that is left over an origin's own. */
  static Origin all(Origin origin) {
    return but(origin, name -> false);
  }

  /**
   * Makes what is left over an origin's own, but for what the model says.
   *
   * @param isContent which members that is; empty ones are none
   */
  static Origin but(Origin origin, Predicate<String> isContent) {
    ObjectNode rest = DialectJson.object();
    ObjectNode own = origin.own().deepCopy();
    origin.rest().properties().forEach(member -> {
      boolean isEmpty = member.getValue().isContainerNode() && member.getValue().isEmpty();
      boolean isSaid = !isEmpty && isContent.test(member.getKey());
      (isSaid ? rest : own).set(member.getKey(), member.getValue());
    });
    return new Origin(origin.protocol(), origin.path(), rest, own);
  }
}

package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.neutral.Given;
import io.aiproxy.neutral.Losses;
import io.aiproxy.neutral.Reasoning;
import io.aiproxy.neutral.Setting;

/** What need not be said where there is no word for it, since it happens anyway. */
final class Usual {
  private Usual() {}

  /** A setting is lost, unless it asks for what a provider does that does not know it. */
  static void drop(Setting setting, Given given, Losses losses) {
    if (!given.value().isNull() && !is(setting, given.value())) {
      losses.drop(given.path());
    }
  }

  /** Whether thoughts are to be read: they are shown or not, as the provider likes. */
  static void dropShown(Reasoning reasoning, Losses losses) {
    if (reasoning.shown().isPresent()) {
      losses.drop(Term.SHOWN.at(reasoning.origin()));
    }
  }

  private static boolean is(Setting setting, JsonNode value) {
    return switch (setting) {
      case CANDIDATES -> value.asInt() == 1;
      case LOGPROBS, STORE -> value.isBoolean() && !value.asBoolean();
      case TOP_LOGPROBS, FREQUENCY_PENALTY, PRESENCE_PENALTY ->
        value.isNumber() && value.asDouble() == 0;
      case PARALLEL_TOOL_CALLS -> value.isBoolean() && value.asBoolean();
      case METADATA -> value.isObject() && value.isEmpty();
      default -> false;
    };
  }
}

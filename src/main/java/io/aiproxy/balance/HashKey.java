package io.aiproxy.balance;

import io.aiproxy.call.Call;
import io.aiproxy.config.Balancing;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a call goes by if the same is to go to the same. Variables have the names that nginx and Apache APISIX give them; what
 * has no value is taken for the client's address.
 */
final class HashKey implements Function<Call, String> {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-z0-9_]+)}?");

  private final Balancing.HashOn hashOn;
  private final String key;

  HashKey(Balancing.HashOn hashOn, String key) {
    this.hashOn = hashOn;
    this.key = key;
  }

  @Override
  public String apply(Call call) {
    String found = switch (hashOn) {
      case VARS -> variable(call, key);
      case HEADER -> call.headers().first(key).orElse("");
      case COOKIE -> cookie(call, key);
      case CONSUMER -> call.exchange().ledger().consumer();
      case VARS_COMBINATIONS -> combined(call);
    };
    return found.isEmpty() ? call.exchange().client() : found;
  }

  private String combined(Call call) {
    Matcher variables = VARIABLE.matcher(key);
    StringBuilder text = new StringBuilder();
    boolean found = false;
    while (variables.find()) {
      String value = variable(call, variables.group(1));
      found |= !value.isEmpty();
      variables.appendReplacement(text, Matcher.quoteReplacement(value));
    }
    variables.appendTail(text);
    return found ? text.toString() : "";
  }

  private static String variable(Call call, String name) {
    if (name.startsWith("http_")) {
      return call.headers()
          .first(name.substring("http_".length()).replace('_', '-'))
          .orElse("");
    }
    if (name.startsWith("arg_")) {
      return argument(call, name.substring("arg_".length()));
    }
    if (name.startsWith("cookie_")) {
      return cookie(call, name.substring("cookie_".length()));
    }
    return switch (name) {
      case "query_string", "args" -> call.target().query();
      case "uri" -> call.path();
      case "request_uri" ->
        call.target().query().isEmpty()
            ? call.path()
            : call.path() + "?" + call.target().query();
      case "request_method" -> call.method();
      case "host" -> call.target().host();
      case "remote_addr" -> call.exchange().client();
      case "consumer_name" -> call.exchange().ledger().consumer();
      case "request_llm_model" -> call.asked().model();
      default -> "";
    };
  }

  private static String argument(Call call, String name) {
    for (String part : call.target().query().split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals >= 0 && part.substring(0, equals).equals(name)) {
        return part.substring(equals + 1);
      }
    }
    return "";
  }

  private static String cookie(Call call, String name) {
    for (String line : call.headers().all("cookie")) {
      for (String cookie : line.split(";", -1)) {
        Optional<String> value = Optional.of(cookie.trim())
            .filter(text ->
                text.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + "="))
            .map(text -> text.substring(name.length() + 1));
        if (value.isPresent()) {
          return value.get();
        }
      }
    }
    return "";
  }
}

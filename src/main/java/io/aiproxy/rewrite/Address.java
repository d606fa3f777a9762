package io.aiproxy.rewrite;

import io.aiproxy.call.Call;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.call.Target;
import io.aiproxy.config.AiProxy;
import io.aiproxy.config.Endpoint;
import io.aiproxy.config.Secret;
import io.aiproxy.protocol.Protocols;
import io.aiproxy.provider.Provider;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the requests of a route go. Scheme, host and port come from configuration alone, never from a request; so do path and
 * query but for what is passed through.
 */
final class Address {
  private static final String MODEL = "{model}";
  private static final String MODELS = "/models/";
  private static final Pattern COLLECTION_AND_ID = Pattern.compile("(models|tunedModels)/([^/]+)");
  private static final Pattern PLAIN =
      Pattern.compile("/(?:[A-Za-z0-9._~!$&'()*+,=:@/-]|%[0-9A-Fa-f]{2})*");
  private static final String AWS = "aws";
  private static final Pattern ENCODABLE = Pattern.compile("[^A-Za-z0-9._~/%-]+");

  private final Endpoint endpoint;
  private final Map<String, String> conf;
  private final Query authentication;
  private final Query fixed;
  private final boolean isSigned;
  private final Map<String, Function<String, Target>> documents = new HashMap<>();
  private final Map<String, Function<String, Target>> streams = new HashMap<>();

  Address(AiProxy settings) {
    Provider provider = settings.provider();
    conf = settings.providerConf();
    endpoint = settings
        .override()
        .endpoint()
        .or(() -> provider.base(conf).map(Endpoint::parse))
        .orElseThrow(
            () -> new IllegalArgumentException("no endpoint for provider " + provider.name()));
    Map<String, String> revealed = new LinkedHashMap<>();
    for (Map.Entry<String, Secret> entry : settings.auth().query().entrySet()) {
      revealed.put(entry.getKey(), entry.getValue().reveal());
    }
    authentication = Query.of(revealed);
    isSigned = settings
        .auth()
        .method()
        .filter(method -> method.authority().name().equals(AWS))
        .isPresent();
    fixed = authentication.overriddenBy(Query.parse(endpoint.query()));
    for (String protocol : provider.protocols()) {
      documents.put(protocol, targets(provider.path(protocol)));
      streams.put(protocol, targets(provider.streamPath(protocol)));
    }
  }

  /**
   * Where a call goes.
   *
   * @param model what the upstream is asked for; empty if nobody said
   */
  Target of(Call call, String model) {
    Protocol protocol = call.protocol();
    Function<String, Target> known =
        (call.asked().stream() ? streams : documents).get(protocol.name());
    String clientQuery = call.target().query();
    if (known == null) {
      if (!protocol.name().equals(Protocols.PASSTHROUGH)) {
        throw new IllegalArgumentException("no address for " + protocol.name());
      }
      Query client = encoded(clientQuery).without(authentication);
      String path = endpoint.path().isEmpty() ? encodedPath(call) : endpoint.path();
      return target(path, fixed.overriddenBy(client));
    }
    Target target = known.apply(model);
    if (clientQuery.isEmpty() || protocol.parameters().isEmpty()) {
      return target;
    }
    Query said = encoded(clientQuery).only(protocol.parameters());
    Query own = Query.parse(target.query());
    return target(target.path(), own.overriddenBy(said.without(own)));
  }

  private static Query encoded(String clientQuery) {
    if (!clientQuery.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw Problem.of(
          Problem.Kind.INVALID_REQUEST, "the query of the request must be percent-encoded");
    }
    return Query.parse(clientQuery);
  }

  /** The targets by model; one and the same if the provider's path does not name it. */
  private Function<String, Target> targets(String template) {
    String path = endpoint.path().isEmpty() ? template : endpoint.path();
    if (!path.contains(MODEL)) {
      Target only = filledTarget(path);
      return model -> only;
    }
    return model -> {
      if (model.isEmpty()) {
        throw Problem.of(
                Problem.Kind.INVALID_REQUEST,
                "could not resolve upstream path: ensure the route or request body specifies a model, or that"
                    + " override.endpoint includes a path")
            .at("model");
      }
      return filledTarget(withModel(path, model));
    };
  }

  /** Google's models may be named with their collection, which then stands in the place of the usual one. */
  private static String withModel(String path, String model) {
    Matcher named = COLLECTION_AND_ID.matcher(model);
    return named.matches() && path.contains(MODELS + MODEL)
        ? path.replace(MODELS + MODEL, "/" + named.group(1) + "/" + segment(named.group(2)))
        : path.replace(MODEL, segment(model));
  }

  /** A name in a path; one that leads out of its place is none. */
  private static String segment(String model) {
    if (model.equals(".") || model.equals("..")) {
      throw Problem.of(Problem.Kind.INVALID_REQUEST, "model must be the name of a model")
          .at("model");
    }
    return Query.encode(model);
  }

  private Target filledTarget(String path) {
    String filled = endpoint.path().isEmpty() ? filled(path) : path;
    int query = filled.indexOf('?');
    return query < 0
        ? target(filled, fixed)
        : target(
            filled.substring(0, query),
            Query.parse(filled.substring(query + 1)).overriddenBy(fixed));
  }

  private String filled(String template) {
    String filled = template;
    for (Map.Entry<String, String> entry : conf.entrySet()) {
      filled = filled.replace("{" + entry.getKey() + "}", entry.getValue());
    }
    return filled;
  }

  private Target target(String path, Query query) {
    String spelled = isSigned ? signable(path) : path;
    return new Target(endpoint.scheme(), endpoint.host(), endpoint.port(), spelled, query.text());
  }

  /** AWS signs a path in one spelling, with all encoded that can be, as its own clients send it. */
  private static String signable(String path) {
    return ENCODABLE
        .matcher(path)
        .replaceAll(found -> Query.encode(found.group()).replace("*", "%2A"));
  }

  /** The client's path as it came, if that means what the container read; else encoded anew. */
  private static String encodedPath(Call call) {
    String encoded = encodedPath(call.path());
    String sent = call.target().path();
    return PLAIN.matcher(sent).matches()
            && !sent.startsWith("//")
            && Query.decodedPath(sent).equals(call.path())
        ? sent
        : encoded;
  }

  /** The client's path was decoded by the container and may hold anything now. */
  private static String encodedPath(String path) {
    if (path.contains("/../")
        || path.endsWith("/..")
        || path.indexOf('\\') >= 0
        || path.chars().anyMatch(c -> c < ' ')) {
      throw Problem.of(Problem.Kind.INVALID_REQUEST, "the path of the request must be normalised");
    }
    try {
      // a leading double slash would be taken for a host
      return new URI("http", "x", path.startsWith("//") ? path.substring(1) : path, null)
          .toASCIIString()
          .substring("http://x".length());
    } catch (URISyntaxException broken) {
      throw Problem.of(
          Problem.Kind.INVALID_REQUEST, "the path of the request cannot be encoded", broken);
    }
  }
}

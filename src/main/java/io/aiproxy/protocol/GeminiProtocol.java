package io.aiproxy.protocol;

import io.aiproxy.call.Failure;
import io.aiproxy.call.Problem;
import io.aiproxy.call.Protocol;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import io.aiproxy.wire.StreamFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What Google's protocols have in common: paths that end in {@code models/MODEL:METHOD}, at Gemini's API as well as at
 * Vertex, and the shape of errors.
 */
abstract class GeminiProtocol implements Protocol {
  private static final String MODELS = "models";
  private static final List<String> COLLECTIONS = List.of(MODELS, "tunedModels");

  private final String name;
  private final List<String> methods;

  GeminiProtocol(String name, List<String> methods) {
    this.name = name;
    this.methods = methods;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final boolean isEndpoint(String path) {
    return methods.contains(method(path)) && !model(path).isEmpty();
  }

  @Override
  public final boolean detects(String path, JsonValue body) {
    return isEndpoint(path);
  }

  /** A client's {@code key} is its credential here, and goes no further; {@code alt} says how the answer is to be put. */
  @Override
  public final Set<String> parameters() {
    return Set.of("alt", "$alt");
  }

  /** What stands behind the last colon; empty if there is none. */
  static String method(String path) {
    return path.substring(path.lastIndexOf(':') + 1);
  }

  /** The model in a path, with its collection unless that is the usual one; empty if there is none. */
  static String model(String path) {
    int end = path.lastIndexOf(':');
    int begin = path.lastIndexOf('/', end);
    int before = begin < 1 ? -1 : path.lastIndexOf('/', begin - 1);
    if (begin < 1 || end < begin + 2) {
      return "";
    }
    String collection = path.substring(before + 1, begin);
    String id = path.substring(begin + 1, end);
    return Optional.of(collection)
        .filter(COLLECTIONS::contains)
        .map(known -> known.equals(MODELS) ? id : known + "/" + id)
        .orElse("");
  }

  /** A model as bodies name it, with its collection. */
  static String resource(String model) {
    return model.indexOf('/') < 0 ? MODELS + "/" + model : model;
  }

  /** The list that the request is about, which must not be empty. */
  static void requireList(JsonValue body, String member) {
    boolean isGood = body.kind() == Kind.OBJECT
        && body.member(member)
            .filter(
                list -> list.kind() == Kind.ARRAY && !list.isEmpty() && list.holdsOnly(Kind.OBJECT))
            .isPresent();
    if (!isGood) {
      throw Problem.of(
              Problem.Kind.INVALID_REQUEST, member + " must be an array of at least one object")
          .at(member);
    }
  }

  static void requireObject(JsonValue body, String member) {
    boolean isGood = body.kind() == Kind.OBJECT
        && body.member(member).filter(value -> value.kind() == Kind.OBJECT).isPresent();
    if (!isGood) {
      throw Problem.of(Problem.Kind.INVALID_REQUEST, member + " must be an object")
          .at(member);
    }
  }

  @Override
  public final Failure failure(int status, JsonValue body) {
    return GeminiErrors.read(status, body);
  }

  @Override
  public final byte[] error(Failure failure) {
    return GeminiErrors.body(failure);
  }

  @Override
  public final byte[] errorEvent(Failure failure, StreamFormat format) {
    return GeminiErrors.event(failure, format);
  }

  @Override
  public final String toString() {
    return name;
  }
}

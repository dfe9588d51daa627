#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace tarn {

/// What kind of thing went wrong. The kinds travel over the engine's pipe by name.
enum class ErrorCode {
  usage,        ///< the request contradicts itself; exit code 2 on the command line
  badInput,     ///< a file, model or value is not what was asked for
  notFound,     ///< a file or a result does not exist
  unsupported,  ///< understood, but not something Tarn (or this model) can do
  io,           ///< reading or writing failed: permissions, a full disk
  memory,       ///< more memory would be needed than is allowed
  untrusted,    ///< the user has not agreed to run this model
  numerical,    ///< a computation produced NaN or did not converge
  cancelled,    ///< the user asked to stop
  engine,       ///< the engine died, hung or broke the protocol
  internal,     ///< a mistake of Tarn's own
};

std::string_view toString(ErrorCode code);
/// The code of that name; ErrorCode::internal for a name that is none.
ErrorCode errorCodeFromString(std::string_view name);

/// The one exception of Tarn's libraries. what() is a sentence: what went wrong, where and why.
/// remedy() says what the user can do, and may be empty.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& sentence, std::string remedy = {})
      : std::runtime_error(sentence), code_(code), remedy_(std::move(remedy)) {}

  ErrorCode code() const { return code_; }
  const std::string& remedy() const { return remedy_; }

 private:
  ErrorCode code_;
  std::string remedy_;
};

/// Words of somebody else's (a library, the system) as an end of one's own sentence: with a full
/// stop unless they have one.
std::string asSentence(std::string words);

}  // namespace tarn

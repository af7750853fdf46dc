#pragma once
/// \file
/// How every function of dlv says that it could not do its work: `Status` and `Result<T>`.
///
/// Functions that can fail for a reason outside the program (a file, a device, a user) return one
/// of these two. Neither throws; both are [[nodiscard]]. Bugs are not errors: DLV_CHECK stops the
/// program.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace dlv {

/// What went wrong, as far as a caller can act on it. Values are part of the API and are never
/// renumbered. The command line maps them to exit statuses in one table (cli/exit_status.h).
enum class ErrorCode : std::uint16_t {
  kInvalidArgument = 1,  ///< the request makes no sense as it stands
  kNotFound = 2,         ///< no such repository, model, version, tensor or file
  kCorruption = 3,       ///< stored bytes are not what was written
  kUnsupported = 4,      ///< a newer format, or something this release does not do
  kIo = 5,               ///< the local file system refused, or is full
  kConflict = 6,         ///< somebody else holds the lock, or the state has moved on
  kSyntax = 7,           ///< text that does not parse
  kDevice = 8,           ///< an accelerator is missing or failed
  kInternal = 9,         ///< a defect of dlv
  kUnsafe = 10,          ///< an input that would have to be trusted to be read, and is not
  kRemote = 11,          ///< another machine refused or cannot be reached
  kDenied = 12,          ///< authentication or authorisation
  kCancelled = 13,       ///< the caller asked to stop
};

/// Returns the name of `code` in upper case as `--json` prints it, e.g. "NOT_FOUND".
constexpr const char* ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "INVALID_ARGUMENT";
    case ErrorCode::kNotFound:
      return "NOT_FOUND";
    case ErrorCode::kCorruption:
      return "CORRUPTION";
    case ErrorCode::kUnsupported:
      return "UNSUPPORTED";
    case ErrorCode::kIo:
      return "IO";
    case ErrorCode::kConflict:
      return "CONFLICT";
    case ErrorCode::kSyntax:
      return "SYNTAX";
    case ErrorCode::kDevice:
      return "DEVICE";
    case ErrorCode::kInternal:
      return "INTERNAL";
    case ErrorCode::kUnsafe:
      return "UNSAFE";
    case ErrorCode::kRemote:
      return "REMOTE";
    case ErrorCode::kDenied:
      return "DENIED";
    case ErrorCode::kCancelled:
      return "CANCELLED";
  }
  return "UNKNOWN";
}

/// An error: a code to act on, a message to read ("what, where: got X, want Y"; lower case, no full
/// stop) and, where there is one, a hint at what to do next.
struct [[nodiscard]] Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string hint = {};
};

/// Stops the program because of a defect in dlv itself; never used on data from outside.
#define DLV_CHECK(condition, why)                                                      \
  do {                                                                                 \
    if (!(condition)) {                                                                \
      std::fprintf(stderr, "%s:%d: defect in dlv: %s (%s)\n", __FILE__, __LINE__, why, \
                   #condition);                                                        \
      std::abort();                                                                    \
    }                                                                                  \
  } while (false)

/// Either a value or an error. Look before taking: `value()` of an error is a defect and stops the
/// program.
template <class T>
class [[nodiscard]] Result {
 public:
  // Implicit on purpose: `return value;` and `return Error{...};` are the two ways out of a
  // function.
  Result(T value) : ok_(true), value_(std::move(value)) {}       // NOLINT
  Result(Error error) : ok_(false), error_(std::move(error)) {}  // NOLINT

  /// A result can be copied where its value can. Moves must not throw: a result always holds one of
  /// the two.
  Result(const Result& other) requires std::is_copy_constructible_v<T> : ok_(other.ok_) {
    Build(other);
  }
  Result(Result&& other) noexcept : ok_(other.ok_) { Build(std::move(other)); }
  Result& operator=(const Result& other) requires std::is_copy_constructible_v<T> {
    return *this = Result(other);
  }
  Result& operator=(Result&& other) noexcept {
    if (this == &other) return *this;
    Destroy();
    ok_ = other.ok_;
    Build(std::move(other));
    return *this;
  }
  ~Result() { Destroy(); }

  bool ok() const { return ok_; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    DLV_CHECK(ok(), "value() of an error");
    return value_;
  }
  const T& value() const& {
    DLV_CHECK(ok(), "value() of an error");
    return value_;
  }
  T&& value() && {
    DLV_CHECK(ok(), "value() of an error");
    return std::move(value_);
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    DLV_CHECK(!ok(), "error() of a value");
    return error_;
  }
  Error&& error() && {
    DLV_CHECK(!ok(), "error() of a value");
    return std::move(error_);
  }

 private:
  // By hand, since every file would compile a dozen functions of a std::variant for each T: that
  // was a tenth of a build.
  template <class Other>
  void Build(Other&& other) {
    if (ok_) {
      ::new (static_cast<void*>(&value_)) T(std::forward<Other>(other).value_);
    } else {
      ::new (static_cast<void*>(&error_)) Error(std::forward<Other>(other).error_);
    }
  }
  void Destroy() {
    if (ok_) {
      value_.~T();
    } else {
      error_.~Error();
    }
  }

  bool ok_;
  union {  // which of the two, ok_ says
    T value_;
    Error error_;
  };
};

/// Success, or an error.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}  // NOLINT: `return Error{...};`

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const& {
    DLV_CHECK(error_.has_value(), "error() of success");
    return *error_;
  }
  Error&& error() && {
    DLV_CHECK(error_.has_value(), "error() of success");
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

inline Status Ok() { return {}; }

#define DLV_CONCAT_INNER(a, b) a##b
#define DLV_CONCAT(a, b) DLV_CONCAT_INNER(a, b)

/// Returns from the calling function with the error, if `expression` (a Status or a Result) is one.
#define DLV_TRY(expression)                                             \
  do {                                                                  \
    auto dlv_try_status = (expression);                                 \
    if (!dlv_try_status.ok()) return std::move(dlv_try_status).error(); \
  } while (false)

/// `DLV_ASSIGN(const Span span, index.Find(id));` declares `span`, or returns the error.
#define DLV_ASSIGN(declaration, expression) \
  DLV_ASSIGN_INNER(declaration, expression, DLV_CONCAT(dlv_result_, __LINE__))
#define DLV_ASSIGN_INNER(declaration, expression, temporary) \
  auto temporary = (expression);                             \
  if (!temporary.ok()) return std::move(temporary).error();  \
  declaration = std::move(temporary).value()

}  // namespace dlv

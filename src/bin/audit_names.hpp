// The documents that a command line names: files, and directories with all the documents in them.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace quietus::audit {

class DocumentNames {
  public:
    explicit DocumentNames(std::vector<std::string> operands) : operands_(std::move(operands)) {}
    /// The next one, those of a directory in the order of their names and each once. What is no
    /// document is named too, and a directory without any or that cannot be read to its end: their
    /// check says what is wrong.
    ///
    /// Of a directory some thousand names are held at a time, and it is read once for each such
    /// portion, so that memory does not grow with it.
    [[nodiscard]] std::optional<std::string> next();

  private:
    void list_portion();

    std::vector<std::string> operands_;
    std::size_t at_ = 0;
    std::string directory_;
    std::map<std::string, std::string> names_; ///< of files by stem: the next portion
    std::string last_;                         ///< the stem of the last one that was named
    bool more_ = false;                        ///< there are others after this portion
    bool unread_ = false;                      ///< reading it failed on the way
};

} // namespace quietus::audit

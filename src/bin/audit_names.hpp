// The documents that a command line names: files, and directories with all the documents in them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace quietus::audit {

class DocumentNames {
  public:
    explicit DocumentNames(std::vector<std::string> operands) : operands_(std::move(operands)) {}
    /// The next one, those of a directory in the order of their names and each once. What is no
    /// document and a directory without any are named too: their check says what is wrong.
    [[nodiscard]] std::optional<std::string> next();

  private:
    void list(const std::string& directory);

    std::vector<std::string> operands_;
    std::size_t at_ = 0;
    std::string directory_;
    std::vector<std::string> names_; ///< in the directory, the next one last
};

} // namespace quietus::audit

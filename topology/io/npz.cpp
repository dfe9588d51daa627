#include "topology/io/npz.h"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

#include <zip.h>

#include "topology/base/error.h"
#include "topology/io/npy_header.h"

namespace tarn {
namespace {

constexpr std::string_view kSuffix = ".npy";

struct DiscardArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseMember {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using ArchiveHandle = std::unique_ptr<zip_t, DiscardArchive>;
using MemberHandle = std::unique_ptr<zip_file_t, CloseMember>;

std::string zipMessage(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

[[noreturn]] void damagedArchive(const std::string& what, const std::string& why) {
  throw Error(ErrorCode::badInput, what + " cannot be read: " + why + ".",
              "Write the archive again, for example with numpy.savez.");
}

}  // namespace

struct NpzReader::Archive {
  std::filesystem::path path;
  NpzLimits limits;
  std::uint64_t fileBytes = 0;
  ArchiveHandle handle;
  std::vector<std::string> names;
  std::map<std::string, zip_uint64_t> indices;

  /// A member being read: its checked header and what follows it.
  struct Member {
    MemberHandle handle;
    std::string title;
    NpyHeader header;
  };

  std::uint64_t checkedSize(zip_uint64_t index, const std::string& title) const {
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat_index(handle.get(), index, 0, &stat) != 0 || (stat.valid & ZIP_STAT_SIZE) == 0 ||
        (stat.valid & ZIP_STAT_COMP_SIZE) == 0) {
      damagedArchive(title, "the archive does not say its size");
    }
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE) {
      damagedArchive(title, "it is encrypted");
    }
    if (stat.comp_size > fileBytes) {
      damagedArchive(title, "the archive says it is larger than the archive itself");
    }
    const bool isBomb = stat.size > (1U << 20U) && stat.size / limits.ratio > stat.comp_size;
    if (stat.size > limits.memberBytes || isBomb) {
      throw Error(ErrorCode::badInput,
                  title + " would unpack from " + std::to_string(stat.comp_size) + " to " +
                      std::to_string(stat.size) + " bytes, more than Tarn accepts.",
                  "Store large arrays as .npy.");
    }
    return stat.size;
  }

  static std::vector<std::byte> take(zip_file_t* member, std::size_t count,
                                     const std::string& title) {
    std::vector<std::byte> bytes(count);
    std::size_t done = 0;
    while (done < count) {
      const auto got = zip_fread(member, bytes.data() + done, count - done);
      if (got <= 0) {
        damagedArchive(title, got == 0 ? "it ends early" : zip_file_strerror(member));
      }
      done += static_cast<std::size_t>(got);
    }
    return bytes;
  }

  Member open(const std::string& name) const {
    const std::string title = "The array '" + name + "' in " + path.string();
    const auto found = indices.find(name);
    if (found == indices.end()) {
      throw Error(
          ErrorCode::notFound, title + " does not exist.",
          "Save the array under that name, or name one that `numpy.load(FILE).files` lists.");
    }
    const std::uint64_t size = checkedSize(found->second, title);
    MemberHandle member(zip_fopen_index(handle.get(), found->second, 0));
    if (!member) {
      damagedArchive(title, zip_strerror(handle.get()));
    }
    auto head =
        take(member.get(),
             static_cast<std::size_t>(std::min<std::uint64_t>(size, kNpyPreambleBytes)), title);
    const std::size_t offset = npyDataOffset(head, size, title);
    const auto rest = take(member.get(), offset - std::min(offset, head.size()), title);
    head.insert(head.end(), rest.begin(), rest.end());
    NpyHeader header = parseNpyHeader(head, size, title);
    return {std::move(member), title, std::move(header)};
  }
};

NpzReader::NpzReader(std::filesystem::path path, NpzLimits limits)
    : archive_(std::make_unique<Archive>()) {
  std::error_code problem;
  if (!std::filesystem::exists(path, problem)) {
    throw Error(ErrorCode::notFound, "There is no file " + path.string() + ".", "Check the path.");
  }
  if (!std::filesystem::is_regular_file(path, problem)) {
    throw Error(ErrorCode::badInput, path.string() + " is not a regular file.");
  }
  archive_->fileBytes = std::filesystem::file_size(path, problem);
  int code = 0;
  archive_->handle.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (!archive_->handle) {
    if (code == ZIP_ER_OPEN || code == ZIP_ER_READ) {
      throw Error(ErrorCode::io, path.string() + " cannot be opened: " + zipMessage(code) + ".",
                  "Check its permissions.");
    }
    damagedArchive(path.string(), zipMessage(code));
  }
  const zip_int64_t count = zip_get_num_entries(archive_->handle.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* raw = zip_get_name(archive_->handle.get(), static_cast<zip_uint64_t>(i), 0);
    std::string name = raw != nullptr ? raw : "";
    if (!name.ends_with(kSuffix)) {
      continue;
    }
    name.resize(name.size() - kSuffix.size());
    if (!archive_->indices.emplace(name, static_cast<zip_uint64_t>(i)).second) {
      damagedArchive(path.string(), "it holds two arrays named '" + name + "'");
    }
    archive_->names.push_back(std::move(name));
  }
  archive_->path = std::move(path);
  archive_->limits = limits;
}

NpzReader::~NpzReader() = default;
NpzReader::NpzReader(NpzReader&&) noexcept = default;
NpzReader& NpzReader::operator=(NpzReader&&) noexcept = default;

const std::vector<std::string>& NpzReader::names() const {
  return archive_->names;
}

bool NpzReader::contains(const std::string& name) const {
  return archive_->indices.contains(name);
}

NpyHeader NpzReader::header(const std::string& name) const {
  return archive_->open(name).header;
}

NdArray NpzReader::read(const std::string& name) const {
  const auto member = archive_->open(name);
  auto elements = Archive::take(member.handle.get(), member.header.dataBytes, member.title);
  // One more byte: there must be none, and reaching the end makes libzip compare the checksum.
  std::byte extra;
  const auto got = zip_fread(member.handle.get(), &extra, 1);
  if (got != 0) {
    damagedArchive(member.title, got > 0 ? "it is longer than the archive says"
                                         : zip_file_strerror(member.handle.get()));
  }
  return assembleNpy(member.header, std::move(elements));
}

std::map<std::string, NdArray> readNpz(const std::filesystem::path& path, NpzLimits limits) {
  const NpzReader reader(path, limits);
  std::map<std::string, NdArray> result;
  for (const std::string& name : reader.names()) {
    result.emplace(name, reader.read(name));
  }
  return result;
}

void writeNpz(const std::filesystem::path& path, const std::map<std::string, NdArray>& members) {
  const auto fail = [&](const std::string& why) {
    throw Error(ErrorCode::io, path.string() + " cannot be written: " + why + ".",
                "Check the folder's permissions and the free space.");
  };
  int code = 0;
  ArchiveHandle archive(zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
  if (!archive) {
    fail(zipMessage(code));
  }
  std::vector<std::vector<std::byte>> files;  // must live until the archive is closed
  files.reserve(members.size());
  for (const auto& [name, array] : members) {
    files.push_back(npyBytes(array));
    zip_source_t* source =
        zip_source_buffer(archive.get(), files.back().data(), files.back().size(), 0);
    const std::string entry = name + std::string(kSuffix);
    const zip_int64_t index =
        source == nullptr ? -1
                          : zip_file_add(archive.get(), entry.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      fail(zip_strerror(archive.get()));
    }
    const auto added = static_cast<zip_uint64_t>(index);
    constexpr zip_uint16_t kFirstDosDay = 0x21;  // 1980-01-01: the same arrays, the same bytes
    zip_file_set_dostime(archive.get(), added, 0, kFirstDosDay, 0);
    zip_set_file_compression(archive.get(), added, ZIP_CM_DEFLATE, 0);
  }
  zip_t* const closing = archive.release();  // zip_close frees it, if it succeeds
  if (zip_close(closing) != 0) {
    archive.reset(closing);
    fail(zip_strerror(closing));
  }
}

}  // namespace tarn

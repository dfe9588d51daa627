#include "topology/io_extra/hdf5_arrays.h"

#include <array>
#include <optional>
#include <system_error>
#include <utility>

#include <hdf5.h>

#include "topology/base/error.h"

namespace tarn {
namespace {

/// An HDF5 identifier and the function that closes it.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  ~Handle() {
    if (id_ >= 0) {
      close_(id_);
    }
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  hid_t id() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

struct TypeName {
  DType dtype;
  hid_t memory;
};

std::array<TypeName, 10> typeNames() {
  return {{{DType::int8, H5T_NATIVE_INT8},
           {DType::int16, H5T_NATIVE_INT16},
           {DType::int32, H5T_NATIVE_INT32},
           {DType::int64, H5T_NATIVE_INT64},
           {DType::uint8, H5T_NATIVE_UINT8},
           {DType::uint16, H5T_NATIVE_UINT16},
           {DType::uint32, H5T_NATIVE_UINT32},
           {DType::uint64, H5T_NATIVE_UINT64},
           {DType::float32, H5T_NATIVE_FLOAT},
           {DType::float64, H5T_NATIVE_DOUBLE}}};
}

/// How the numbers of a data set are taken into memory; nothing for text, records and the like.
std::optional<TypeName> typeOf(hid_t dataset) {
  const Handle stored(H5Dget_type(dataset), H5Tclose);
  if (!stored) {
    return std::nullopt;
  }
  const H5T_class_t kind = H5Tget_class(stored.id());
  if (kind != H5T_INTEGER && kind != H5T_FLOAT) {
    return std::nullopt;
  }
  const Handle native(H5Tget_native_type(stored.id(), H5T_DIR_ASCEND), H5Tclose);
  for (const TypeName& type : typeNames()) {
    if (native && H5Tequal(native.id(), type.memory) > 0) {
      return type;
    }
  }
  // Half precision, long double: a double holds or rounds them.
  return kind == H5T_FLOAT ? std::optional(TypeName{DType::float64, H5T_NATIVE_DOUBLE})
                           : std::nullopt;
}

[[noreturn]] void damaged(const std::string& path, const std::string& why) {
  throw Error(ErrorCode::badInput, path + " is a damaged HDF5 file: " + why + ".",
              "Make it again, or open it with h5py to see what is left.");
}

/// Whether the numbers of a data set lie in other files: those are not opened.
bool isElsewhere(hid_t dataset) {
  const Handle how(H5Dget_create_plist(dataset), H5Pclose);
  return !how || H5Pget_layout(how.id()) == H5D_VIRTUAL || H5Pget_external_count(how.id()) != 0;
}

class ArrayReader {
 public:
  ArrayReader(std::string path, std::uint64_t mostElements)
      : path_(std::move(path)), mostElements_(mostElements) {}

  /// Nothing when the data set holds no numbers or has no axis.
  std::optional<NdArray> read(hid_t file, const std::string& name) {
    const Handle dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose);
    if (!dataset) {
      return std::nullopt;
    }
    const auto type = typeOf(dataset.id());
    const Handle space(H5Dget_space(dataset.id()), H5Sclose);
    const int axes = space ? H5Sget_simple_extent_ndims(space.id()) : -1;
    if (!type || axes < 1 || isElsewhere(dataset.id())) {
      return std::nullopt;
    }
    std::vector<hsize_t> lengths(static_cast<std::size_t>(axes));
    H5Sget_simple_extent_dims(space.id(), lengths.data(), nullptr);
    NdArray array{type->dtype, {lengths.begin(), lengths.end()}, {}};
    array.bytes.resize(take(lengths, name) * itemSize(type->dtype));
    if (!array.bytes.empty() && H5Dread(dataset.id(), type->memory, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                                        array.bytes.data()) < 0) {
      damaged(path_, "`" + name + "` cannot be read");
    }
    return array;
  }

 private:
  /// The elements of an array, taken off what is allowed.
  std::size_t take(const std::vector<hsize_t>& lengths, const std::string& name) {
    std::uint64_t count = 1;
    for (const hsize_t length : lengths) {
      if (length != 0 && count > (mostElements_ - taken_) / length) {
        throw Error(ErrorCode::unsupported,
                    "`" + name + "` in " + path_ + " says that it has more than " +
                        std::to_string(mostElements_) + " numbers: more than Tarn reads.",
                    "Save the grid alone, as .npz or .npy.");
      }
      count *= length;
    }
    taken_ += count;
    return count;
  }

  std::string path_;
  std::uint64_t mostElements_;
  std::uint64_t taken_ = 0;
};

herr_t addName(hid_t /*group*/, const char* name, const H5L_info2_t* info, void* names) {
  // Links to other files or places are not followed.
  if (info->type == H5L_TYPE_HARD) {
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  }
  return 0;
}

void silenceHdf5() {
  // Errors are told by exceptions; the library would print them too.
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

void writeArray(hid_t file, const std::string& name, const NdArray& array, bool& sound) {
  const std::vector<hsize_t> lengths(array.shape.begin(), array.shape.end());
  const Handle space(H5Screate_simple(static_cast<int>(lengths.size()), lengths.data(), nullptr),
                     H5Sclose);
  hid_t type = H5T_NATIVE_UINT8;  // a bool is a byte
  for (const TypeName& known : typeNames()) {
    if (known.dtype == array.dtype) {
      type = known.memory;
    }
  }
  const Handle dataset(
      H5Dcreate2(file, name.c_str(), type, space.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
      H5Dclose);
  sound = sound && dataset &&
          (array.bytes.empty() ||
           H5Dwrite(dataset.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.bytes.data()) >= 0);
}

bool writeFile(const std::filesystem::path& path, const std::map<std::string, NdArray>& arrays,
               const std::vector<Hdf5Link>& links) {
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  bool sound = file >= 0;
  for (const auto& [name, array] : arrays) {
    if (sound) {
      writeArray(file, name, array, sound);
    }
  }
  for (const auto& [name, target] : links) {
    sound = sound &&
            H5Lcreate_hard(file, target.c_str(), file, name.c_str(), H5P_DEFAULT, H5P_DEFAULT) >= 0;
  }
  // Closing writes what is left: its failure counts.
  return file >= 0 && H5Fclose(file) >= 0 && sound;
}

}  // namespace

std::map<std::string, NdArray> readHdf5Arrays(const std::filesystem::path& path,
                                              std::uint64_t mostElements) {
  silenceHdf5();
  // A file may ask for filters that are loaded as plug-ins: none are.
  H5PLset_loading_state(0);
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorCode::notFound, "There is no file " + path.string() + ".", "Check the path.");
  }
  if (H5Fis_accessible(path.c_str(), H5P_DEFAULT) <= 0) {
    throw Error(ErrorCode::badInput, path.string() + " is not an HDF5 file.");
  }
  const Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  if (!file) {
    damaged(path.string(), "it cannot be opened");
  }
  std::vector<std::string> names;
  hsize_t from = 0;
  if (H5Literate2(file.id(), H5_INDEX_NAME, H5_ITER_INC, &from, addName, &names) < 0) {
    damaged(path.string(), "its root group cannot be listed");
  }
  ArrayReader reader(path.string(), mostElements);
  std::map<std::string, NdArray> arrays;
  for (const std::string& name : names) {
    if (auto array = reader.read(file.id(), name)) {
      arrays.emplace(name, std::move(*array));
    }
  }
  return arrays;
}

void writeHdf5Arrays(const std::filesystem::path& path,
                     const std::map<std::string, NdArray>& arrays,
                     const std::vector<Hdf5Link>& links) {
  silenceHdf5();
  const std::filesystem::path unfinished = path.string() + ".part";
  std::error_code error;
  const bool written = writeFile(unfinished, arrays, links);
  if (written) {
    std::filesystem::rename(unfinished, path, error);
  }
  if (!written || error) {
    const std::string why = error ? ": " + error.message() : "";
    std::filesystem::remove(unfinished, error);
    throw Error(ErrorCode::io, "Cannot write " + path.string() + why + ".",
                "Choose a folder that exists, may be written to and has room.");
  }
}

}  // namespace tarn

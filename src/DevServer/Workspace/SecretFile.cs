using System.Buffers.Text;
using System.Security.Cryptography;

namespace Jobwatch.DevServer.Workspace;

/// <summary>Files that only their owner reads.</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int RandomBytes = 32;

    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static string ReadOrCreate(string path, Func<string> create)
    {
        if (!File.Exists(path))
            Write(path, create() + "\n");
        return File.ReadAllText(path).Trim();
    }

    /// <summary>Writes it whole or not at all; never readable by others, not even for a moment.</summary>
    public static void Write(string path, string text)
    {
        string draft = path + ".new";
        File.Delete(draft);
        using (var file = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        }))
        using (var writer = new StreamWriter(file))
            writer.Write(text);
        File.Move(draft, path, overwrite: true);
    }
}

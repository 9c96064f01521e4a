using System.Globalization;
using System.Text;

namespace Jobwatch.StreamService.Errors;

/// <summary>Values of a request as error messages show them: short, on one line, and without control characters.</summary>
internal static class Shown
{
    private const int Length = 64;
    private const int PathLength = 256;

    public static string Text(string value)
    {
        var cut = value.Length > Length ? Length : value.Length;
        var text = new StringBuilder(cut + 1);
        for (var i = 0; i < cut; i++)
        {
            text.Append(IsPlain(value[i]) ? value[i] : '\uFFFD');
        }

        return value.Length > cut ? text.Append('…').ToString() : text.ToString();
    }

    /// <summary>A field's path, of which what is deep in between is left out.</summary>
    public static string Path(string path) =>
        path.Length <= PathLength ? path : $"{path[..(PathLength / 2)]}…{path[^(PathLength / 2)..]}";

    public static string Character(string value, int index) =>
        IsPlain(value[index])
            ? $"'{value[index]}'"
            : string.Create(CultureInfo.InvariantCulture, $"U+{(int)value[index]:X4}");

    // Half a surrogate pair must not leave: protobuf refuses it.
    private static bool IsPlain(char value) => !char.IsControl(value) && !char.IsSurrogate(value);
}

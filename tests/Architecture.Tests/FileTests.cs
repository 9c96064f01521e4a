using System.Text.RegularExpressions;
using Xunit;

namespace Jobwatch.Architecture.Tests;

/// <summary>How files are cut.</summary>
public sealed partial class FileTests
{
    private static readonly string[] Folders = ["src", "tests", "bench"];

    private static readonly IReadOnlyList<string> Sources = Repository.CSharpFiles("src");

    [Fact]
    public void No_file_has_more_than_400_lines() =>
        Findings.None(
            from folder in Folders
            where Directory.Exists(Path.Combine(Repository.Root, folder))
            from file in Repository.CSharpFiles(folder)
            let lines = Repository.Lines(file).Length
            where lines > 400
            select $"{file} has {lines} lines");

    [Fact]
    public void Most_files_are_small()
    {
        var lengths = Sources.Select(file => Repository.Lines(file).Length).Order().ToArray();

        Assert.InRange(lengths[lengths.Length / 2], 1, 60);
        Assert.InRange(lengths[lengths.Length * 9 / 10], 1, 200);
    }

    [Fact]
    public void A_file_holds_one_type_and_has_its_name() =>
        Findings.None(
            from file in Sources
            let types = Repository.Lines(file).Select(line => TopLevelType().Match(line)).Where(match => match.Success)
                .Select(match => match.Groups["name"].Value).ToList()
            where types.Count > 1 || (types.Count == 1 && types[0] != Path.GetFileNameWithoutExtension(file).Split('.')[0])
            select $"{file} holds {string.Join(", ", types)}");

    [Fact]
    public void A_folder_is_a_namespace() =>
        Findings.None(
            from file in Sources
            let written = Repository.Lines(file).Select(line => Namespace().Match(line)).FirstOrDefault(match => match.Success)?.Groups["name"].Value
            where written is not null && !written.EndsWith(ExpectedEnd(file), StringComparison.Ordinal)
            select $"{file} is in {written}");

    // Below the project's folder; what the project's own name is, it says itself. What several compile is in a folder without a project.
    private static string ExpectedEnd(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var room = "";
        while (folder != "src" && Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.csproj").Length == 0)
        {
            room = $".{Path.GetFileName(folder)}{room}";
            folder = Path.GetDirectoryName(folder)!;
        }

        return room;
    }

    [GeneratedRegex(@"^(public |internal |file |sealed |static |abstract |partial |readonly |ref |unsafe )*(class|record struct|record|struct|interface|enum|delegate [^ ]+) (?<name>\w+)")]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);")]
    private static partial Regex Namespace();
}

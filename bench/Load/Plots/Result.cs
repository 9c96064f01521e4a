using System.Text.Json;
using Jobwatch.Bench.Figures;

namespace Jobwatch.Bench.Plots;

/// <summary>What of a run's result file is drawn.</summary>
/// <param name="Figures">The figures, in the order of their rows.</param>
/// <param name="Measurements">By row and contender, one for each round.</param>
internal sealed record Result(IReadOnlyList<Figure> Figures, IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyList<Measurement>>> Measurements)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static async Task<Result> ReadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<Result>(file, Web) ?? throw new InvalidDataException($"{path} is empty.");
    }
}

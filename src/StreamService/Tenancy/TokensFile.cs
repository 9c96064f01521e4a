using Microsoft.Extensions.Options;

namespace Jobwatch.StreamService.Tenancy;

/// <summary>
/// The tokens as the file has them now. It is read again when a call comes at least a second after the last look:
/// that also sees a file behind a link that was switched, which change notifications miss.
/// </summary>
internal sealed class TokensFile
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger<TokensFile> _logger;
    private volatile TokenSet _tokens = TokenSet.Empty;
    private string _text = "";
    private long _lastLook;
    private int _looking;

    public TokensFile(IOptions<TenancyOptions> options, TimeProvider time, ILogger<TokensFile> logger)
    {
        _path = options.Value.TokensFile;
        _time = time;
        _logger = logger;
        if (_path.Length > 0)
        {
            Look();
        }
    }

    public TokenSet Current
    {
        get
        {
            if (_path.Length > 0 && _time.GetElapsedTime(Volatile.Read(ref _lastLook)) >= LookAgainAfter)
            {
                Look();
            }

            return _tokens;
        }
    }

    private void Look()
    {
        // One caller reads; the others go on with what was read before.
        if (Interlocked.Exchange(ref _looking, 1) == 1)
        {
            return;
        }

        try
        {
            var text = File.ReadAllText(_path);
            if (text != _text)
            {
                // Remembered before it is understood: a bad file is told once, not every second.
                _text = text;
                _tokens = TokenSet.Parse(text, _path);
                Log.TokensRead(_logger, _tokens.Count, _path);
            }
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Log.TokensRefused(_logger, _path, error.Message);
        }
        finally
        {
            Volatile.Write(ref _lastLook, _time.GetTimestamp());
            Volatile.Write(ref _looking, 0);
        }
    }
}

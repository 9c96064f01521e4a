namespace Jobwatch.Client;

/// <summary>A stream broke the promise of one event once and in order. It is a fault of a server, never to be retried.</summary>
public sealed class StreamOrderException : Exception
{
    /// <summary>Says which position came after which.</summary>
    public StreamOrderException(string message) : base(message)
    {
    }

    /// <summary>Says which position came after which.</summary>
    public StreamOrderException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Says nothing more.</summary>
    public StreamOrderException()
    {
    }
}

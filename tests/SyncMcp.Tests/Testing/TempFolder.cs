namespace SyncMcp.Tests.Testing;

/// <summary>A folder of its own for one test, gone afterwards. Its path is short: Unix sockets take 107 bytes.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder()
    {
        Path = Directory.CreateTempSubdirectory("smcp-").FullName;
    }

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A file that a dying child still writes: the system's temp cleaning takes it.
        }
    }
}

using Microsoft.Win32.SafeHandles;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>A file that is read: up to the length that it had when it was opened, whatever is appended meanwhile.</summary>
internal sealed class CsvFile : IDisposable
{
    private readonly SafeFileHandle handle;
    private readonly byte[] begin;

    private CsvFile(string path, SafeFileHandle handle, CsvDialect dialect)
    {
        (Path, this.handle, Dialect) = (path, handle, dialect);
        Stamp = FileStamp.Of(handle);
        begin = new byte[Math.Min(4096, Stamp.Length)];
        _ = RandomAccess.Read(handle, begin, 0);
        var marked = CsvCharset.OfMark(begin);
        Charset = marked ?? dialect.Charset;
        MarkLength = marked?.Mark.Length ?? 0;
    }

    public string Path { get; }

    public CsvDialect Dialect { get; }

    /// <summary>By the byte order mark, else by the connection.</summary>
    public CsvCharset Charset { get; }

    /// <summary>Bytes of the byte order mark.</summary>
    public int MarkLength { get; }

    /// <summary>As it was when it was opened.</summary>
    public FileStamp Stamp { get; }

    /// <summary>Reads at any place of the content; else only from its beginning.</summary>
    public bool CanSeek => Charset.Encoding is null;

    /// <summary>Opens a file of the folder.</summary>
    public static CsvFile Open(CsvFolder folder, string path, CsvDialect dialect)
    {
        SafeFileHandle opening;
        try
        {
            opening = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CsvErrors.Opening(path, e);
        }

        try
        {
            var opened = OperatingSystem.IsLinux() ? File.ResolveLinkTarget($"/proc/self/fd/{opening.DangerousGetHandle()}", returnFinalTarget: false)?.FullName : null;
            folder.Confirm(path, opened);
            return new(path, opening, dialect);
        }
        catch
        {
            opening.Dispose();
            throw;
        }
    }

    /// <summary>The content in UTF-8, from an offset of the file on (only where <see cref="CanSeek"/>, else 0 for all).</summary>
    public Stream Content(long offset)
    {
        var bytes = new Prefix(this, Math.Max(offset, MarkLength));
        return Charset.Encoding is { } encoding ? System.Text.Encoding.CreateTranscodingStream(bytes, encoding, System.Text.Encoding.UTF8) : bytes;
    }

    /// <summary>Size and hash of the content as it was when the file was opened.</summary>
    /// <exception cref="ReplicationException">Code <c>file_changed</c>: it was written over since.</exception>
    public string ContentMark()
    {
        var hash = System.Security.Cryptography.SHA256.HashData(new Prefix(this, 0));
        _ = HasGrown();
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Stamp.Length}-{Convert.ToHexStringLower(hash)}/{Dialect.Fingerprint}");
    }

    /// <summary>True when something was appended since it was opened.</summary>
    /// <exception cref="ReplicationException">Code <c>file_changed</c>: it was cut or written over, so that what was read belongs to no one state.</exception>
    public bool HasGrown()
    {
        var now = FileStamp.Of(handle);
        if (now.Length == Stamp.Length && now.Modified == Stamp.Modified)
            return false;
        if (now.Length <= Stamp.Length)
            throw CsvErrors.Changed(Path);
        Span<byte> again = stackalloc byte[begin.Length];
        if (RandomAccess.Read(handle, again, 0) != begin.Length || !again.SequenceEqual(begin))
            throw CsvErrors.Changed(Path);
        return true;
    }

    public void Dispose() => handle.Dispose();

    private sealed class Prefix(CsvFile file, long offset) : Stream
    {
        private long at = offset;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var left = file.Stamp.Length - at;
            if (left <= 0)
                return 0;
            try
            {
                var read = RandomAccess.Read(file.handle, left < buffer.Length ? buffer[..(int)left] : buffer, at);
                at += read;
                // It was longer when it was opened.
                return read > 0 || buffer.IsEmpty ? read : throw CsvErrors.Changed(file.Path);
            }
            catch (IOException e)
            {
                throw CsvErrors.Opening(file.Path, e);
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

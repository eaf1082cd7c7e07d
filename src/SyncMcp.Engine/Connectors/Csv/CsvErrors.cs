namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>What can be wrong with a file, each with the way out. Values are never quoted: they may be private.</summary>
internal static class CsvErrors
{
    public static ReplicationException Opening(string path, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => new("file_missing", $"file {path} does not exist any more.", e),
        UnauthorizedAccessException => new("cannot_open", $"file {path} cannot be opened: no permission, or it is no file. Give this program permission to read it.", e),
        _ => new("io_error", $"file {path} cannot be read: {e.Message}", e),
    };

    /// <summary>What writing throws where it is the file system's doing.</summary>
    public static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" };

    public static ReplicationException Writing(string path, Exception e) => e switch
    {
        // A file that is too large for its file system is reported as the latter.
        _ when e is ArgumentOutOfRangeException || (e is IOException io && IsFull(io)) => new("destination_full", $"no space left for destination {path}; free some disk space and run again. The file is as it was before the run.", e),
        UnauthorizedAccessException => new("read_only", $"destination {path} cannot be written: no permission. Give this program write permission on the file and its folder, or choose another destination.", e),
        DirectoryNotFoundException => new("folder_missing", $"the folder of {path} does not exist any more.", e),
        _ => new("io_error", $"destination {path} cannot be written: {e.Message}", e),
    };

    public static ReplicationException Ragged(string path, long line, int found, int wanted, bool hasHeader) => new(
        "row_ragged",
        $"{path}, line {line}: {Count(found)} where {(hasHeader ? "the header names" : "the first row has")} {wanted}. Mend the line (a value that holds the delimiter or a line end stands in quotes), or correct the connection's FMT and Quote Character.");

    public static string NoKey(string path, long line, string column) => $"{path}, line {line}: there is no value in \"{column}\", which is part of the key. Fill it in, or name another PRIMARY KEY in the query.";

    public static ReplicationException Quoting(string path, long line, int column, string trouble, char quote) => new(
        "quoting_invalid",
        $"{path}, line {line}, value {column}: {trouble}. A value that holds a quote stands in quotes, with the quote doubled: {quote}5{quote}{quote} pipe{quote}. If quotes mean nothing in this file, set the connection's Quote Character to None.");

    public static ReplicationException TooLong(string path, long line, bool inQuotes, int most) => new(
        "row_too_long",
        $"{path}, line {line}: the row is longer than {most >> 20} MB.{(inQuotes ? " A quote that opens in it may never be closed: close it, or set the connection's Quote Character to None." : " Is this a CSV file with line ends?")}");

    public static ReplicationException NotText(string path) => new(
        "not_text",
        $"{path} is not a text file (it holds zero bytes in its first row). If it is UTF-16 without a byte order mark, set the connection's Charset to UTF-16; if it is a spreadsheet or an archive, save it as CSV.");

    public static ReplicationException Characters(string path, long line, CsvCharset charset) => new(
        "characters_invalid",
        $"{path}, line {line}: bytes that are not {charset.Name}. Set the connection's Charset to what the file was written in (often windows-1252), or save it as UTF-8.");

    public static ReplicationException Empty(string path) => new("file_empty", $"{path} is empty: it has not even a header. Write the column names in its first line, or leave the table out.");

    public static ReplicationException Changed(string path) => new(
        "file_changed", $"{path} was rewritten while it was read. Nothing was written of it; run again when its writer is done (writers should write a new file and rename it).");

    private static string Count(int values) => values == 1 ? "1 value" : $"{values} values";

    private static bool IsFull(IOException e) => OperatingSystem.IsWindows() ? (e.HResult & 0xffff) is 0x70 or 0x27 : e.HResult is 28 or 122 or 27;
}

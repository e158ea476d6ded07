package dev.stillpoint.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/// A zip file whose every field can be made to lie.
final class ZipBytes {
    final List<Member> members = new ArrayList<>();
    byte[] comment = {};
    byte[] behindDirectory = {};
    long directoryShift;
    int entriesMore;
    boolean zip64;

    /// A member, truthful at first.
    static final class Member {
        String name;
        byte[] data;
        int method;
        int flags;
        int crc;
        long size;
        long compressed;
        String localName;
        long offset = -1;
        int localCrc;
        byte[] extra = {};

        Member(String name, int method, byte[] content) {
            CRC32 checksum = new CRC32();
            checksum.update(content);
            this.name = name;
            this.localName = name;
            this.method = method;
            this.data = method == 8 ? FileBytes.deflate(content) : content;
            this.crc = (int) checksum.getValue();
            this.localCrc = crc;
            this.size = content.length;
            this.compressed = data.length;
        }
    }

    Member stored(String name, byte[] content) {
        return add(new Member(name, 0, content));
    }

    Member deflated(String name, byte[] content) {
        return add(new Member(name, 8, content));
    }

    private Member add(Member member) {
        members.add(member);
        return member;
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        for (Member member : members) {
            long offset = member.offset < 0 ? bytes.size() : member.offset;
            byte[] localName = member.localName.getBytes(StandardCharsets.UTF_8);
            ByteBuffer local = FileBytes.little(30).putInt(0x04034b50);
            fields(local, member, localName.length, member.localCrc);
            byte[] localExtra = zip64 ? extra64(member, false, offset) : member.extra;
            local.putShort((short) localExtra.length);
            bytes.writeBytes(FileBytes.content(local));
            bytes.writeBytes(localName);
            bytes.writeBytes(localExtra);
            bytes.writeBytes(member.data);

            byte[] name = member.name.getBytes(StandardCharsets.UTF_8);
            ByteBuffer central = FileBytes.little(46).putInt(0x02014b50).putShort((short) 20);
            fields(central, member, name.length, member.crc);
            byte[] extra = zip64 ? extra64(member, true, offset) : member.extra;
            central.putShort((short) extra.length).position(42).putInt(zip64 ? -1 : (int) offset);
            directory.writeBytes(FileBytes.content(central));
            directory.writeBytes(name);
            directory.writeBytes(extra);
        }
        long begin = bytes.size() + directoryShift;
        long size = directory.size();
        int entries = members.size() + entriesMore;
        bytes.writeBytes(directory.toByteArray());
        bytes.writeBytes(behindDirectory);
        if (zip64) {
            long end64 = bytes.size();
            ByteBuffer end = FileBytes.little(76).putInt(0x06064b50).putLong(44).putInt(0);
            end.putLong(0).putLong(entries).putLong(entries).putLong(size).putLong(begin);
            end.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
            bytes.writeBytes(FileBytes.content(end));
        }
        short count = (short) (zip64 ? -1 : entries);
        ByteBuffer end = FileBytes.little(22)
                .putInt(0x06054b50)
                .putInt(0)
                .putShort(count)
                .putShort(count);
        end.putInt(zip64 ? -1 : (int) size).putInt(zip64 ? -1 : (int) begin).putShort((short) comment.length);
        bytes.writeBytes(FileBytes.content(end));
        bytes.writeBytes(comment);
        return bytes.toByteArray();
    }

    private void fields(ByteBuffer header, Member member, int nameLength, int crc) {
        header.putShort((short) 20).putShort((short) member.flags).putShort((short) member.method);
        header.putInt(0).putInt(crc);
        header.putInt(zip64 ? -1 : (int) member.compressed).putInt(zip64 ? -1 : (int) member.size);
        header.putShort((short) nameLength);
    }

    private static byte[] extra64(Member member, boolean central, long offset) {
        // Another field comes first, as other programs write some.
        ByteBuffer extra =
                FileBytes.little(central ? 34 : 26).putShort((short) 0x7875).putShort((short) 2);
        extra.putShort((short) 0).putShort((short) 1).putShort((short) (central ? 24 : 16));
        extra.putLong(member.size).putLong(member.compressed);
        return FileBytes.content(central ? extra.putLong(offset) : extra);
    }
}

# SPDX-License-Identifier: GPL-2.0
# scale.json's tables, or with show=goals its goals. After ../rows.awk and
# ../columns.awk.

{
	remember(field["module"] " " field["kind"] " " field["tuns"])
	if (!(field["tuns"] in seen)) {
		seen[field["tuns"]] = 1
		numbers[++n_numbers] = field["tuns"]
	}
	if (field["kind"] == "ring" && "entries" in field) {
		entries = field["entries"]
		buf = field["buf"]
		areas = field["areas"]
		turn = field["turn_burst"]
		spread_burst = field["spread_burst"]
	}
}

function memory() {
	print "### Many tuns: memory\n"
	printf "KiB of each tun: what the machine's free memory became less by, divided by the number of tuns; with one or ten, what is there once or was taken in store shows. Rings have %d entries in each direction and buffers of %d bytes, as a server with a tun for each peer might; %d KiB of a ring are mapped.\n\n", entries, buf, areas / 1024
	table("tuns|device, stock|device, ours|its rings",
	      "stock read:device_bytes|ours read:device_bytes|ours ring:ring_bytes",
	      numbers, n_numbers, 1024, "%.1f")
}

function time() {
	print "### Many tuns: setting up\n"
	print "Thousands of instructions for each tun: the device, up; rings with their memory mapped; and closing, which waits for RCU: the clock goes on meanwhile, so that is time rather than work.\n"
	table("tuns|device, stock|device, ours|its rings|close, stock|close, ours|close, with rings",
	      "stock read:device_time|ours read:device_time|ours ring:ring_time|stock read:close_time|ours read:close_time|ours ring:close_time",
	      numbers, n_numbers, 1000, "%.0f")
}

function packets() {
	print "### Many tuns: a packet\n"
	printf "Instructions per packet of 64 bytes above the same sources sending into as many dummy devices; one thread, one epoll of all tuns, edge-triggered. In turn: %d packets to one tun, then the user looks, then the next tun has its turn. Spread: %d packets, each to another tun as far as there are so many, then the user looks: with many tuns an event brings one packet instead of many.\n\n", turn, spread_burst
	table("tuns, in turn|read, stock|read, ours|rings|loop alone, stock|loop alone, ours|loop alone, rings",
	      "stock read:turn:ours dummy|ours read:turn:ours dummy|ours ring:turn:ours dummy|stock read:turn_own|ours read:turn_own|ours ring:turn_own",
	      numbers, n_numbers, 1, "%.0f")
	table("tuns, spread|read, stock|read, ours|rings|loop alone, stock|loop alone, ours|loop alone, rings",
	      "stock read:spread:ours dummy|ours read:spread:ours dummy|ours ring:spread:ours dummy|stock read:spread_own|ours read:spread_own|ours ring:spread_own",
	      numbers, n_numbers, 1, "%.0f")
}

function goals(	few, many) {
	few = numbers[1]
	many = numbers[n_numbers]
	goal("memory of a tun's rings, " many " tuns / 100", 1.05,
	     ratio(figure("ours ring:ring_bytes", many),
		   figure("ours ring:ring_bytes", 100)))
	goal("memory of a device, " many " tuns / 100", 1.1,
	     ratio(figure("ours ring:device_bytes", many),
		   figure("ours ring:device_bytes", 100)))
	goal("loop over rings in turn, a packet, " many " tuns / " few, 1.1,
	     ratio(figure("ours ring:turn_own", many),
		   figure("ours ring:turn_own", few)))
	goal("the same, packet above the dummy device, " many " tuns / " few, 1.1,
	     ratio(figure("ours ring:turn:ours dummy", many),
		   figure("ours ring:turn:ours dummy", few)))
	goal("packet spread over " many " tuns, rings / read()", 0.5,
	     ratio(figure("ours ring:spread:ours dummy", many),
		   figure("stock read:spread:ours dummy", many)))
}

END {
	if (show == "goals") {
		goals()
	} else {
		memory()
		time()
		packets()
	}
}
